import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env['VISAVIS_SERVER'] ?? 'http://localhost:3000';

/** The product is index.html alone; gallery.html is served while developing only. */
export default defineConfig({
  plugins: [react(), tailwind()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // light-dark(), oklch() and :has() are used as they are.
    target: ['chrome125', 'edge125', 'firefox128', 'safari17.5'],
    sourcemap: false,
    // The server's content policy allows no data: scripts, and small files travel well over HTTP.
    assetsInlineLimit: 0,
  },
  server: {
    proxy: {
      '/api': server,
      '/avatars': server,
      '/signaling': { target: server, ws: true },
    },
  },
});
