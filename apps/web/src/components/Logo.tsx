/** Two who face each other: the mark of Visavis. */
export function Logo({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="logo">
      <path
        d="M3 16a10.5 10.5 0 0 1 12-10.4v14.9c0 3.3-2.7 6-6 6H5.4A2.4 2.4 0 0 1 3 24.1Z"
        fill="currentColor"
      />
      <path
        d="M29 16A10.5 10.5 0 0 0 17 5.6v14.9c0 3.3 2.7 6 6 6h3.6a2.4 2.4 0 0 0 2.4-2.4Z"
        className="logo-other"
      />
      <circle cx="11.2" cy="14.2" r="1.7" className="logo-eye" />
      <circle cx="20.8" cy="14.2" r="1.7" className="logo-eye" />
    </svg>
  );
}
