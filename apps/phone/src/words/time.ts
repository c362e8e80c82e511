/** `m:ss`, from an hour on `h:mm:ss`. */
export function clockTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'));
  const hours = Math.floor(seconds / 3_600);
  return hours === 0 ? `${Number(parts[0])}:${parts[1]}` : `${hours}:${parts.join(':')}`;
}

/** Days between two instants in this device's time zone: 0 today, 1 yesterday. */
export function daysAgo(instant: number, now: number): number {
  return Math.round((midnight(now) - midnight(instant)) / 86_400_000);
}

function midnight(instant: number): number {
  return new Date(instant).setHours(0, 0, 0, 0);
}
