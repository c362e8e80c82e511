import { CloseCode, LINK_SOCKET_PATH, OffhookError } from '@offhook/contract';
import { countLimit } from '../operations/metrics.ts';
import { untilDone, type RetryOptions } from '../retry.ts';
import type { Admission, Upgrades } from '../wire/upgrades.ts';
import { openLink, type Link, type LinkDependencies } from './link.ts';

/** The connector links that end at this node. */
export type LinkHub = {
  /** Changes may have been missed: look at every key and every configuration anew, until each has been seen. */
  recheck: (options: RetryOptions) => Promise<void>;
  close: () => void;
};

export function connectorLinkRoutes(
  upgrades: Upgrades,
  deps: LinkDependencies,
  { failures, addressOf }: Admission,
): LinkHub {
  const links = new Set<Link>();

  upgrades.add(LINK_SOCKET_PATH, async (request, decision) => {
    const address = addressOf(request);
    const wait = failures.take(address);
    if (wait > 0) {
      countLimit(deps.metrics, 'upgrade_rate');
      return decision.refuse(429, new OffhookError('rate_limited', { retryAfter: Math.ceil(wait / 1000) }));
    }
    const key = await deps.store
      .findKey(request.headers.authorization)
      .catch((error: unknown) => OffhookError.from(error));
    if (key instanceof OffhookError) {
      const status = key.code === 'unavailable' ? 503 : key.code === 'internal' ? 500 : 401;
      if (status !== 401) failures.giveBack(address);
      deps.log.info({ address, code: key.code }, 'connector link refused');
      return decision.refuse(status, key);
    }
    failures.giveBack(address);
    decision.accept((socket) => {
      links.add(openLink(deps, socket, { key, address }, (link) => links.delete(link)));
    });
  });

  return {
    recheck: (options) =>
      untilDone(
        links,
        async (link) => {
          if (links.has(link)) await link.recheck();
        },
        options,
      ),
    close: () => {
      for (const link of links) link.close(CloseCode.GoingAway, 'stopping');
    },
  };
}
