// The least that a page made with React can weigh: bundled and weighed, never run.
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

createRoot(document.body).render(createElement('p'));
