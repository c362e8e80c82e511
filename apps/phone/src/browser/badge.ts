interface BadgeNavigator {
  setAppBadge?(count: number): Promise<void>;
  clearAppBadge?(): Promise<void>;
}

/** The number at the icon of an installed app; nothing where the browser has none. Only the window that leads says it. */
export function showBadge(count: number): void {
  const badge = navigator as BadgeNavigator;
  const said = count > 0 ? badge.setAppBadge?.(count) : badge.clearAppBadge?.();
  // Not installed, or not permitted: there is no icon to put it at.
  said?.catch(() => undefined);
}
