export {
  DIALOG_EVENTS,
  DIALOG_STATES,
  dialogInfoType,
  formatDialogInfo,
  parseDialogInfo,
} from './dialog-info.ts';
export type {
  DialogEntry,
  DialogEvent,
  DialogInfo,
  DialogParticipant,
  DialogParty,
  DialogState,
} from './dialog-info.ts';
export { DialogInfoTable } from './dialog-info-table.ts';
export type { DialogInfoOutcome } from './dialog-info-table.ts';
export {
  formatMessageSummary,
  MESSAGE_CLASSES,
  messageSummaryType,
  parseMessageSummary,
} from './message-summary.ts';
export type { MessageClass, MessageCounts, MessageSummary } from './message-summary.ts';
export { formatSipfrag, parseSipfrag, sipfragType } from './sipfrag.ts';
export type { Sipfrag } from './sipfrag.ts';
