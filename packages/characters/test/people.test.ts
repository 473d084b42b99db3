import { describe, expect, test } from 'vitest';
import { drawAvatar, drawFrame, drawSprites, LOOP_MS, PEOPLE, placeSprites } from '../src/index.ts';

const initials = (name: string): string => name.replaceAll(/[^A-Z]/g, '');

describe('the people', () => {
  test('are ten, Ana and Ben first, each with a handle and initials of their own', () => {
    expect(PEOPLE).toHaveLength(10);
    expect(PEOPLE.slice(0, 2).map(({ name }) => name.split(' ')[0])).toEqual(['Ana', 'Ben']);
    expect(new Set(PEOPLE.map(({ id }) => id)).size).toBe(10);
    expect(new Set(PEOPLE.map(({ name }) => initials(name))).size).toBe(10);
    for (const { id, name } of PEOPLE) {
      expect(id).toMatch(/^[a-z]+$/);
      expect(name).toMatch(/^\p{Lu}\p{L}+ \p{Lu}\p{L}+$/u);
    }
  });

  for (const person of PEOPLE) {
    test(`${person.name}'s avatar is a small picture that needs nothing else`, () => {
      const svg = drawAvatar(person);
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 320 320"/);
      expect(svg.length).toBeLessThan(12_000);
      expect(svg).not.toMatch(/<script|<style|<image|<foreignObject|href|\son\w+=|undefined|NaN/);
      expect(svg.match(/https?:/g)).toHaveLength(1);
      expect(drawAvatar(person)).toBe(svg);
      expectBalanced(svg);
    });

    test(`${person.name}'s camera picture is whole`, () => {
      const sprites = drawSprites(person);
      for (let timeMs = 0; timeMs < LOOP_MS; timeMs += 37) {
        for (const { sprite } of placeSprites(person, { timeMs, talking: true }))
          expect(sprites.has(sprite)).toBe(true);
      }
      const svg = drawFrame(person, { timeMs: 1000, talking: true });
      expect(svg).not.toMatch(/undefined|NaN|href/);
      expectBalanced(svg);
    });

    test(`${person.name} moves, blinks and talks in a loop without a seam`, () => {
      const at = (timeMs: number, talking: boolean): string =>
        JSON.stringify(placeSprites(person, { timeMs, talking, loopMs: 4000 }));
      expect(at(4000, true)).toBe(at(0, true));
      const times = Array.from({ length: 400 }, (_, n) => n * 10);
      const talking = times.map((timeMs) => at(timeMs, true)).join('');
      const silent = times.map((timeMs) => at(timeMs, false)).join('');
      for (const seen of [
        'eyes-open',
        'eyes-half',
        'eyes-closed',
        'mouth-wide',
        'mouth-round',
        'mouth-small',
      ])
        expect(talking).toContain(seen);
      expect(silent).not.toMatch(/mouth-(?!rest)/);
      expect(headSteps(person, 4000)).toBeLessThan(2.5);
    });
  }
});

/** The longest way that a head moves in a 30th of a second, the end of the loop included. */
function headSteps(person: (typeof PEOPLE)[number], loopMs: number): number {
  const heads = Array.from({ length: 121 }, (_, n) =>
    placeSprites(person, { timeMs: (n * loopMs) / 120, talking: true, loopMs }).find(
      ({ sprite }) => sprite === 'head',
    ),
  );
  return Math.max(
    ...heads
      .slice(1)
      .map((head, n) => Math.hypot((head?.x ?? 0) - (heads[n]?.x ?? 0), (head?.y ?? 0) - (heads[n]?.y ?? 0))),
  );
}

function expectBalanced(svg: string): void {
  const open: string[] = [];
  for (const [, closing, name = '', self] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
    if (closing === '/') expect(open.pop()).toBe(name);
    else if (self !== '/') open.push(name);
  }
  expect(open).toEqual([]);
}
