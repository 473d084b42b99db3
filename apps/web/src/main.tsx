import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { findSealProblem } from '@visavis/client';
import * as z from 'zod/mini';
import { createApplication } from './app/application.ts';
import { App } from './screens/App.tsx';
import { Unsupported } from './screens/Unsupported.tsx';
import './styles/index.css';

// The content policy forbids code made at run time, which the schemas would otherwise use for speed.
z.config({ jitless: true });

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no place to draw into');

const problem = findSealProblem();
if (problem === null) {
  const application = createApplication();
  application.start();
  createRoot(root).render(
    <StrictMode>
      <App store={application.store} actions={application.actions} />
    </StrictMode>,
  );
} else {
  createRoot(root).render(<Unsupported problem={problem} />);
}
