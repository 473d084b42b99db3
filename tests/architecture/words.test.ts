import { parseAst } from 'rolldown/parseAst';
import { expect, test } from 'vitest';
import { listFiles, readText } from './sourceTree.ts';

/* What people read stands in apps/web/src/words and nowhere else, so that it can be translated. */

/** Attributes that are shown or read out. */
const SHOWN = new Set(
  'alt aria-description aria-label aria-placeholder aria-roledescription aria-valuetext label placeholder summary title'.split(
    ' ',
  ),
);
const HAS_WORDS = /\p{L}{2,}/u;

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** The texts that stand in a page's code itself: between tags, in attributes that are shown, and in what is put there. */
function findTexts(code: string): string[] {
  const found: string[] = [];
  const note = (text: unknown): void => {
    if (typeof text === 'string' && HAS_WORDS.test(text)) found.push(text.trim());
  };
  /** `isShown`: what is met here is what people see. */
  const walk = (value: unknown, isShown: boolean): void => {
    if (Array.isArray(value)) for (const each of value) walk(each, isShown);
    if (!isNode(value) || Array.isArray(value)) return;
    switch (value['type']) {
      case 'JSXText':
        return note(value['value']);
      case 'Literal':
        return isShown ? note(value['value']) : undefined;
      case 'TemplateElement':
        return isShown ? note(isNode(value['value']) ? value['value']['cooked'] : '') : undefined;
      case 'JSXElement':
      case 'JSXFragment':
        walk(value['openingElement'], false);
        return walk(value['children'], true);
      case 'JSXAttribute': {
        const name = isNode(value['name']) ? value['name']['name'] : '';
        return walk(value['value'], typeof name === 'string' && SHOWN.has(name));
      }
      case 'ConditionalExpression':
        walk(value['test'], false);
        walk(value['consequent'], isShown);
        return walk(value['alternate'], isShown);
      case 'LogicalExpression':
        walk(value['left'], false);
        return walk(value['right'], isShown);
      case 'JSXExpressionContainer':
      case 'TemplateLiteral':
      case 'ParenthesizedExpression':
        return Object.values(value).forEach((each) => walk(each, isShown));
      // What a call is given, or what is compared, is not what is shown.
      default:
        return Object.values(value).forEach((each) => walk(each, false));
    }
  };
  walk(parseAst(code, { lang: 'tsx' }), false);
  return found;
}

test('no screen and no component has a text of its own', () => {
  const pages = listFiles('apps/web/src').filter(
    (path) => path.endsWith('.tsx') && !path.startsWith('apps/web/src/gallery/'),
  );
  expect(pages.length).toBeGreaterThan(50);
  const found = pages.flatMap((path) => findTexts(readText(path)).map((text) => `${path}: ${text}`));
  expect(found).toEqual([]);
});

const WORDS = 'apps/web/src/words/';
const importsOf = (path: string): string[] =>
  [...readText(path).matchAll(/^import (?!type )[^;]*?from '([^']*)'|\bimport\('([^']*)'\)/gmu)].map(
    ([, still, late]) => still ?? late ?? '',
  );

test('the language of each part is chosen in one place: screens import the part, never a language of it', () => {
  const files = listFiles('apps/web/src').filter((path) => /\.tsx?$/u.test(path));
  const english = files.filter((path) => path.startsWith(WORDS) && path.endsWith('.en.ts'));
  expect(english.length).toBeGreaterThan(15);
  const outside = files.filter((path) => !path.startsWith(WORDS));
  expect(outside.filter((path) => importsOf(path).some((name) => name.endsWith('.en.ts')))).toEqual([]);
  const used = new Set(files.filter((path) => path.startsWith(WORDS)).flatMap(importsOf));
  expect(english.filter((path) => !used.has(path.replace(WORDS, './')))).toEqual([]);
});

test.each([
  ['<p>Hello</p>', ['Hello']],
  ['<p>{isOn ? "On" : words.off}</p>', ['On']],
  ['<p>{isOn && `Muted by ${name}`}</p>', ['Muted by']],
  ['<button aria-label="Mute" data-state="on" />', ['Mute']],
  ['<Row title={isOn ? "On" : "Off"} className="row" />', ['On', 'Off']],
  ['people.map((one) => <p key="x">Hi</p>)', ['Hi']],
  ['<p className="calm">{words.calm} · {format("long")} {kind === "video" ? 1 : 2}</p>', []],
])('%s has the texts %j', (code, texts) => {
  expect(findTexts(`const shown = ${code};`)).toEqual(texts);
});
