import { AuditLog } from './AuditLog.tsx';

/** What the provider's people did, in whatever tenant. */
export function Page() {
  return <AuditLog path="/api/provider/audit" purpose="audit.provider.hint" />;
}
