import { Dialog } from '../components/Dialog.tsx';
import { shortcutWords } from '../words/shortcuts.ts';

const say = shortcutWords;
const groups = shortcutWords.group;
const onMac = /Mac|iPhone|iPad/u.test(navigator.userAgent);
const alt = onMac ? say.keys.option : say.keys.alt;

type Row = readonly [meaning: string, ...keys: string[]];

const GROUPS: readonly { readonly title: string; readonly rows: readonly Row[] }[] = [
  {
    title: say.ringing,
    rows: [
      [say.answer, alt, 'A'],
      [say.answerAudio, alt, say.keys.shift, 'A'],
      [say.decline, alt, 'X'],
    ],
  },
  {
    title: say.inCall,
    rows: [
      [say.mute, 'M'],
      [say.camera, 'V'],
      [say.hold, 'H'],
      [say.fullScreen, 'F'],
      [say.details, 'I'],
      [say.end, alt, 'X'],
    ],
  },
  {
    title: groups.title,
    rows: [
      [groups.people, 'P'],
      [groups.chat, 'C'],
      [groups.hand, 'R'],
      [groups.share, 'S'],
      [groups.layout, 'L'],
      [groups.pin, 'K'],
      [groups.nextPage, groups.pageDown],
      [groups.previousPage, groups.pageUp],
    ],
  },
  {
    title: say.anywhere,
    rows: [
      [say.search, '/'],
      [say.show, '?'],
    ],
  },
];

export default function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={say.title} onClose={onClose} wide>
      <div className="shortcuts">
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.rows.map(([meaning, ...keys]) => (
                <div key={meaning}>
                  <dt>{meaning}</dt>
                  <dd>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
