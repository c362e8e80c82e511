import type {
  CstaClientStatus,
  CstaEvent,
  CstaOutcome,
  CstaRequest,
  MessageNamed,
  ResponseTo,
} from '@offhook/csta';

/** The control link as the adapters see it; `openCstaLink` of `@offhook/csta-node` is one. */
export interface CtiLink {
  readonly status: CstaClientStatus;
  /** Never rejects: what went wrong is in the outcome. */
  request<R extends CstaRequest>(request: R, timeoutMs?: number): Promise<CstaOutcome<ResponseTo<R['name']>>>;
  stop(): Promise<void>;
}

export interface CtiLinkOptions {
  readonly host: string;
  readonly port: number;
  readonly transport: 'tcp' | 'tls';
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly onStatus: (status: CstaClientStatus) => void;
  readonly onEvent: (event: CstaEvent | MessageNamed<'MonitorStop'>) => void;
  /** Something was wrong with what came; for the log. */
  readonly onNote: (code: string, text: string) => void;
}

export type OpenLink = (options: CtiLinkOptions) => CtiLink;
