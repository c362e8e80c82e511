import { AuditLog } from './AuditLog.tsx';

/** What was done in the company, by whom. */
export function Page() {
  return <AuditLog path="/api/admin/audit" purpose="audit.hint" />;
}
