import * as z from 'zod';

/** An opaque id: what is inside is the maker's business; what may be inside is bounded. */
const id = <const Brand extends string>(brand: Brand) =>
  z
    .string()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z0-9._-]+$/u)
    .brand(brand);

export const TenantId = id('TenantId');
export type TenantId = z.infer<typeof TenantId>;
export const UserId = id('UserId');
export type UserId = z.infer<typeof UserId>;
export const LineId = id('LineId');
export type LineId = z.infer<typeof LineId>;
export const ConnectorId = id('ConnectorId');
export type ConnectorId = z.infer<typeof ConnectorId>;
export const ApiKeyId = id('ApiKeyId');
export type ApiKeyId = z.infer<typeof ApiKeyId>;

/** One window or tab of a user. Made by the client, kept over a reload of the same tab. */
export const ClientId = id('ClientId');
export type ClientId = z.infer<typeof ClientId>;

/** One call as one user sees it. Made by the connector. */
export const CallId = id('CallId');
export type CallId = z.infer<typeof CallId>;

/** One media leg towards a browser: one peer connection. Made by the connector. */
export const LegId = id('LegId');
export type LegId = z.infer<typeof LegId>;

/** One call record. Made by the connector, so that writing it twice changes nothing. */
export const RecordId = id('RecordId');
export type RecordId = z.infer<typeof RecordId>;

/** One report of how a call sounded. Made by the phone. */
export const ReportId = id('ReportId');
export type ReportId = z.infer<typeof ReportId>;

/** Follows one act of a person from the click to the SIP `Call-ID` through every log. */
export const CorrelationId = id('CorrelationId');
export type CorrelationId = z.infer<typeof CorrelationId>;

/** A connector process's life: changes when it restarts, so that its numbering starts anew. */
export const Epoch = id('Epoch');
export type Epoch = z.infer<typeof Epoch>;
