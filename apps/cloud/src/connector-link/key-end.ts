import type { ApiKeyId, TenantId } from '@offhook/contract';

/** Milliseconds: how long a timer waits at most; what the key's end is then, the database says. */
const LONGEST_WAIT = 12 * 3_600_000;

/** Ends a link when its key ends. It asks the database, so that neither a restart nor a lost notice makes a key good for longer. */
export type KeyEnd = {
  /** The key may have been replaced or revoked: look. */
  check: () => Promise<void>;
  stop: () => void;
};

export function watchKeyEnd(options: {
  tenantId: TenantId;
  keyId: ApiKeyId;
  expiresAt: number | null;
  keyEnd: (tenantId: TenantId, keyId: ApiKeyId) => Promise<{ expiresAt: number | null } | undefined>;
  onExpiry: (expiresAt: number | null) => void;
  onOver: () => void;
}): KeyEnd {
  const { tenantId, keyId, keyEnd, onExpiry, onOver } = options;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const arm = (expiresAt: number | null) => {
    clearTimeout(timer);
    if (expiresAt === null || isStopped) return;
    timer = setTimeout(
      () => {
        // Past its end the key is over, also while the database is away.
        if (Date.now() >= expiresAt) onOver();
        else void check().catch(() => arm(expiresAt));
      },
      Math.min(Math.max(0, expiresAt - Date.now()), LONGEST_WAIT),
    );
  };
  const check = async () => {
    const end = await keyEnd(tenantId, keyId);
    if (isStopped) return;
    if (end === undefined) return onOver();
    onExpiry(end.expiresAt);
    arm(end.expiresAt);
  };
  arm(options.expiresAt);
  return {
    check,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
