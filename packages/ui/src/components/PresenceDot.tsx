import classes from './PresenceDot.module.css';

export type PresenceDotState = 'available' | 'busy' | 'do_not_disturb' | 'away' | 'offline';

export interface PresenceDotProps {
  readonly state: PresenceDotState;
  /** Pixels. */
  readonly size?: number;
}

/**
 * A person's presence as a sign: each state has a shape of its own, so that nobody has to tell the colours apart. Whoever
 * places it says the state in words too; the sign itself is not spoken.
 */
export function PresenceDot({ state, size = 12 }: PresenceDotProps) {
  return (
    <svg
      className={classes['dot']}
      data-state={state}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      <Shape state={state} />
    </svg>
  );
}

function Shape({ state }: { readonly state: PresenceDotState }) {
  switch (state) {
    case 'available':
      return (
        <>
          <circle cx="8" cy="8" r="8" fill="currentColor" />
          <path d="M4.600 8.300l2.300 2.300 4.500-4.900" className={classes['mark']} />
        </>
      );
    case 'busy':
      return <rect x="0.500" y="0.500" width="15" height="15" rx="4.500" fill="currentColor" />;
    case 'do_not_disturb':
      return (
        <>
          <circle cx="8" cy="8" r="8" fill="currentColor" />
          <path d="M4.400 8h7.200" className={classes['mark']} />
        </>
      );
    case 'away':
      return (
        <>
          <circle cx="8" cy="8" r="8" fill="currentColor" />
          <path d="M8 4.200V8l2.600 1.900" className={classes['mark']} />
        </>
      );
    case 'offline':
      return <circle cx="8" cy="8" r="6.400" fill="none" stroke="currentColor" strokeWidth="2.600" />;
  }
}
