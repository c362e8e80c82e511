/** Plays an element at a device; where that is not to be had it plays where the system plays. `''` is the system's choice. */
export async function playAt(player: HTMLMediaElement, deviceId: string): Promise<void> {
  // Safari before 18.4 and Firefox before 116 have none, whatever the types say.
  if (!('setSinkId' in player) || player.sinkId === deviceId) return;
  try {
    await player.setSinkId(deviceId);
  } catch {
    // Gone, or not permitted: what is listed next says so.
    if (player.sinkId !== '') await player.setSinkId('').catch(() => undefined);
  }
}
