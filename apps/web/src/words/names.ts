/** `Ben` of `Ben Adler`: what one calls the other in a sentence. */
export function firstName(name: string): string {
  return name.trim().split(/\s+/u)[0] ?? name;
}

/** `Ben’s`, `Jonas’s`. */
export function possessive(name: string): string {
  return `${name}’s`;
}

/** `Laptop`, `Laptop and Phone`, `Laptop, Phone and Tablet`. */
export function list(items: readonly string[], locale = 'en-GB'): string {
  return new Intl.ListFormat(locale, { style: 'long', type: 'conjunction' }).format(items);
}

// One character may take two code units.
const letter = (part: string): string =>
  part.slice(0, part.codePointAt(0) === part.charCodeAt(0) ? 1 : 2).toUpperCase();

/** One or two letters for a picture that is missing. */
export function initials(name: string): string {
  const parts = name.trim().split(/\s+/u).filter(Boolean);
  const first = parts[0] ?? '';
  const last = parts.length > 1 ? (parts.at(-1) ?? '') : '';
  return letter(first) + letter(last) || '?';
}
