export interface LogoProps {
  /** Pixels. */
  readonly size?: number;
}

/** The mark: a handset lifted off its hook. */
export function Logo({ size = 32 }: LogoProps) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <rect width="64" height="64" rx="18" fill="var(--mantine-color-cobalt-6)" />
      <LogoGlyph />
    </svg>
  );
}

function LogoGlyph() {
  return (
    <g fill="none" stroke="#fff" strokeLinecap="round">
      <path d="M18 30a18 18 0 0 1 28 0" strokeWidth="6.5" transform="rotate(-18 32 32)" />
      <path d="M17.500 30.500v4M46.500 30.500v4" strokeWidth="10" transform="rotate(-18 32 32)" />
      <path d="M24 49h16" strokeWidth="5" opacity="0.550" />
    </g>
  );
}
