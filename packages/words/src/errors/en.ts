import { errorSentences } from '@offhook/contract';

/** English is the contract's own. */
export const en = errorSentences;
