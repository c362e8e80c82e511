import type { ClientDownCode, CstaClientStatus } from '@offhook/csta';

const WORDS: Readonly<Record<ClientDownCode, string>> = {
  unreachable: 'cannot be reached. Check its address and port, and the firewall between.',
  closed: 'closed the control link.',
  wrong_frame: 'sent something that is no CSTA. Check the port.',
  silent: 'says nothing any more.',
  session_refused: 'refused the session. Check user and password of the control link, and its licence.',
  session_start_time: 'did not answer when the session was started. Check the port.',
  session_ended: 'ended the session.',
  session_expired: 'did not renew the session.',
  stopped: 'is not connected.',
};

/** Why there is no control link, for an administrator. */
export function downWords(
  platform: string,
  { code, text }: Extract<CstaClientStatus, { name: 'down' }>,
): string {
  const detail = text === '' ? '' : ` (${text.slice(0, 120)})`;
  return `${platform} ${WORDS[code]}${detail} Calls still work; the desk phones cannot be seen.`;
}

/** So many devices are named. */
const NAMED = 8;

export function unknownWords(platform: string, numbers: readonly string[]): string {
  const named = numbers.slice(0, NAMED).join(', ');
  const more = numbers.length > NAMED ? ` and ${numbers.length - NAMED} more` : '';
  return `${platform} does not know ${named}${more}. Check these numbers, and whether its control link may monitor them.`;
}
