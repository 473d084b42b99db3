import { identityWords } from '../../words/identity.ts';

/** Eight digits in two groups, large enough to be read from where one types them. */
export function Digits({ digits }: { readonly digits: string }) {
  return (
    <p className="identity-digits">
      <span aria-hidden="true">
        {digits.slice(0, 4)} {digits.slice(4)}
      </span>
      <span className="sr-only">{identityWords.asking.digitsSpoken(digits)}</span>
    </p>
  );
}
