import { createRoot } from 'react-dom/client';
import { createStore } from 'zustand/vanilla';
import type { Model, Preferences } from '../model/model.ts';
import { App } from '../screens/App.tsx';
import '../styles/index.css';
import { createGalleryActions } from './actions.ts';
import { PIECES } from './pieces.tsx';
import { SCREENS } from './screens.ts';

/*
 * For looking at screens while working on them: gallery.html?screen=call&theme=dark#/settings. The product build leaves
 * it out.
 */
const query = new URLSearchParams(location.search);
const name = query.get('screen') ?? '';
const make = SCREENS[name];
const Piece = PIECES[name];
const wanted = query.get('theme');
const theme: Preferences['theme'] = wanted === 'dark' || wanted === 'light' ? wanted : 'system';

const root = document.querySelector('#root');
if (root !== null) {
  if (Piece !== undefined) {
    if (theme !== 'system') document.documentElement.dataset['theme'] = theme;
    createRoot(root).render(<Piece />);
  } else if (make === undefined) createRoot(root).render(<Index />);
  else {
    const model = make();
    const store = createStore<Model>(() => ({ ...model, preferences: { ...model.preferences, theme } }));
    createRoot(root).render(<App store={store} actions={createGalleryActions(store)} />);
  }
}

function Index() {
  return (
    <ul className="scroll h-full p-8 columns-3xs">
      {[...Object.keys(PIECES), ...Object.keys(SCREENS)].map((name) => (
        <li key={name}>
          <a className="text-accent underline" href={`?screen=${name}`}>
            {name}
          </a>
        </li>
      ))}
    </ul>
  );
}
