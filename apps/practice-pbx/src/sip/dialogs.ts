import { callId, fromTag, header, parseNameAddr, toTag } from '@offhook/sip';
import type { ReplacesValue, SessionId, SipRequest, SipResponse } from '@offhook/sip';
import type { LegId } from '../switch/model.ts';

/** What names the dialog of a leg. The tags come to be known one after the other. */
export interface LegDialog {
  readonly leg: LegId;
  readonly session: SessionId;
  readonly callId: string;
  /** The PBX's. */
  localTag: string | undefined;
  /** The device's. */
  remoteTag: string | undefined;
  /** The device has called. */
  readonly isIncoming: boolean;
  /** The device's Contact. */
  readonly target: string | undefined;
  readonly startedAt: number;
}

/** The dialogs of all legs, to find the one that a REFER or a Replaces means, and to tell those who watch. */
export class LegDialogs {
  readonly #byLeg = new Map<LegId, LegDialog>();

  incoming(leg: LegId, session: SessionId, request: SipRequest, startedAt: number): void {
    this.#byLeg.set(leg, {
      leg,
      session,
      callId: callId(request) ?? '',
      localTag: undefined,
      remoteTag: fromTag(request),
      isIncoming: true,
      target: contactOf(request),
      startedAt,
    });
  }

  /** A response to an INVITE of ours. */
  answered(leg: LegId, session: SessionId, response: SipResponse, startedAt: number): void {
    const known = this.#byLeg.get(leg);
    this.#byLeg.set(leg, {
      leg,
      session,
      callId: header(response, 'call-id') ?? '',
      localTag: fromTag(response),
      remoteTag: toTag(response) ?? known?.remoteTag,
      isIncoming: false,
      target: contactOf(response) ?? known?.target,
      startedAt: known?.startedAt ?? startedAt,
    });
  }

  /** Our tag of an answered call, once the endpoint tells it. */
  named(leg: LegId, localTag: string | undefined): void {
    const known = this.#byLeg.get(leg);
    if (known !== undefined && localTag !== undefined) known.localTag = localTag;
  }

  of(leg: LegId): LegDialog | undefined {
    return this.#byLeg.get(leg);
  }

  /** By what a device knows of its dialog with us: Replaces in a Refer-To names our tag as its remote one. */
  find({ callId: id, fromTag: device }: ReplacesValue): LegId | undefined {
    for (const dialog of this.#byLeg.values()) {
      if (dialog.callId === id && dialog.remoteTag === device) return dialog.leg;
    }
    return undefined;
  }

  forget(leg: LegId): void {
    this.#byLeg.delete(leg);
  }
}

function contactOf(message: SipRequest | SipResponse): string | undefined {
  const value = header(message, 'Contact');
  return value === undefined ? undefined : parseNameAddr(value)?.uri;
}
