import type { ErrorCode } from '@offhook/contract';

export type ErrorWords = Record<ErrorCode, string>;
