import type { Person } from './person.ts';
import { dot, line, mirrored, oval, shape } from './svg.ts';

/** Earrings hang behind the jaw and before the hair. */
export function drawEarrings(person: Person): string {
  const gold = '#f0c24b';
  const dark = '#cf9a2c';
  const style = person.traits.earrings;
  if (style === undefined) return '';
  switch (style) {
    case 'hoops': {
      const ring = `<ellipse cx="99" cy="174" rx="9" ry="12" fill="none" stroke="${gold}" stroke-width="3.6"/>`;
      return ring + mirrored(ring);
    }
    case 'drops': {
      const drop =
        dot(100, 163, 3.6, gold) +
        shape('M100 167C107 176 107 184 100 187C93 184 93 176 100 167Z', '#c8393f') +
        oval(98, 178, 1.6, 3, '#f08a84');
      return drop + mirrored(drop);
    }
    case 'pearls': {
      const pearl = dot(101, 161, 5.4, '#efe6da') + dot(99.5, 159.5, 1.9, '#ffffff');
      return pearl + mirrored(pearl);
    }
    case 'discs': {
      const disc = line('M101 160V168', gold, 2.6) + dot(101, 178, 10.5, gold) + dot(101, 178, 5, dark);
      return disc + mirrored(disc);
    }
  }
}

/** Glasses lie over the eyes and the brows' lower edge. */
export function drawGlasses(person: Person): string {
  const style = person.traits.glasses;
  if (style === undefined) return '';
  switch (style) {
    case 'round': {
      const rim =
        `<circle cx="135" cy="142" r="21.500" fill="#ffffff" fill-opacity=".06" stroke="#d9a441" stroke-width="4"/>` +
        line('M113.500 139L104 136', '#d9a441', 4);
      return rim + mirrored(rim) + line('M156 139C158 136 162 136 164 139', '#d9a441', 4) + glint();
    }
    case 'square': {
      const rim =
        `<path d="M115 128C128 125.500 143 125.500 152 128C155 129 155.500 132 155 136C154 150 150 159 135 159C120 159 114.500 150 113.500 136C113 131 113 128.500 115 128Z" fill="#ffffff" fill-opacity=".06" stroke="#2a2d38" stroke-width="4.600"/>` +
        line('M113.500 132L104 131', '#2a2d38', 4.6);
      return (
        rim +
        mirrored(rim) +
        line('M155.500 135C158 132.500 162 132.500 164.500 135', '#2a2d38', 4.6) +
        glint()
      );
    }
    case 'cat': {
      const rim = `<path d="M109 126C120 124 146 126 152 131C155 135 154 158 135 159C120 159.500 115 150 113.500 140C112 134 107 131 109 126Z" fill="#ffffff" fill-opacity=".08" stroke="#3f6f8f" stroke-width="4.200"/>`;
      return rim + mirrored(rim) + line('M154 138C157 135 163 135 166 138', '#3f6f8f', 4.2) + glint();
    }
  }
}

function glint(): string {
  return line('M122 136L128 130', '#ffffff', 3, 0.55) + line('M171 136L177 130', '#ffffff', 3, 0.55);
}
