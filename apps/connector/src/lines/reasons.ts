import { parseWarning, type RegistrationState } from '@offhook/sip';
import { displayText } from '../calls/party.ts';

type Failure = Extract<RegistrationState, { name: 'failed' }>['why'];

const REASON_CHARS = 300;

/** Why a line is not registered, in words for the administrator who can mend it. */
export function reasonOf(why: Failure): string {
  return sentence(why).slice(0, REASON_CHARS);
}

function sentence(why: Failure): string {
  switch (why.kind) {
    case 'timeout':
      return 'The telephone system does not answer. Check its address, port and transport, and the firewall between.';
    case 'transport':
      return `The telephone system cannot be reached: ${why.text}.`;
    case 'response': {
      const said = `${String(why.status)} ${displayText(why.reason)}`.trim();
      const warning = why.warning === undefined ? undefined : warningText(why.warning);
      return `${wordsFor(why.status)} (${said})${warning === undefined ? '.' : `: ${warning}`}`;
    }
  }
}

/** `399 pbx "Check provisioning"`: only the text is for people. */
function warningText(warning: string): string {
  return displayText(parseWarning(warning)?.text ?? warning);
}

function wordsFor(status: number): string {
  switch (status) {
    case 401:
    case 407:
      return "The telephone system does not accept the line's user name or password";
    case 403:
      return 'The telephone system forbids this line to register; check how it is set up there';
    case 404:
      return 'The telephone system does not know this line';
    case 408:
      return 'The telephone system did not answer in time';
    case 423:
      return 'The telephone system wants longer intervals between registrations';
    case 503:
      return 'The telephone system is overloaded or in maintenance';
    default:
      if (status >= 500) return 'The telephone system failed';
      return 'The telephone system refused the registration';
  }
}
