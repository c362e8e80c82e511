import {
  CallId,
  ClientId,
  ConnectorId,
  CorrelationId,
  Epoch,
  LegId,
  LineId,
  RecordId,
  TenantId,
  UserId,
} from '@offhook/contract';

/** Ids for tests, by name. */
export const id = {
  call: (text: string) => CallId.parse(text),
  client: (text: string) => ClientId.parse(text),
  connector: (text: string) => ConnectorId.parse(text),
  correlation: (text: string) => CorrelationId.parse(text),
  epoch: (text: string) => Epoch.parse(text),
  leg: (text: string) => LegId.parse(text),
  line: (text: string) => LineId.parse(text),
  record: (text: string) => RecordId.parse(text),
  tenant: (text: string) => TenantId.parse(text),
  user: (text: string) => UserId.parse(text),
};
