export { DEFAULT_LIMITS, Mailbox } from './mailbox/mailbox.ts';
export type { MailboxCounts, MailboxLimits, VoicemailMessage } from './mailbox/mailbox.ts';
export { MailboxStore } from './mailbox/mailbox-store.ts';
export type { MailboxStoreOptions, MailboxTrouble } from './mailbox/mailbox-store.ts';
export type { Language, SharedPrompt } from './prompts/catalogue.ts';
export { PromptLibrary, loadPrompts } from './prompts/library.ts';
export { PlaylistSource } from './prompts/playlist.ts';
export { BEEP, BREATH, prompt, recorded } from './prompts/sound.ts';
export type { Recording, Sound } from './prompts/sound.ts';
export { spokenDigits, spokenNumber } from './prompts/spoken.ts';
export { DEFAULT_TIMES, localTimeIn } from './session/setting.ts';
export type { OwnedMailbox, VoicemailSetting, VoicemailTimes } from './session/setting.ts';
export { VoicemailSession } from './session/voicemail-session.ts';
export { VoicemailApplication, VoicemailCall } from './voicemail-application.ts';
export type { AnsweredCall, VoicemailOptions } from './voicemail-application.ts';
export type {
  Caller,
  EpochMillis,
  PlayId,
  VoiceEffect,
  VoiceInput,
  VoiceMachine,
  VoicePurpose,
} from './voice-machine.ts';
