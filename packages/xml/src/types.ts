/** One element of a document, namespaces resolved. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  /** The URI of its namespace; empty where it has none, or where its prefix is declared nowhere. */
  readonly namespace: string;
  /** By their names as written: one with a prefix (`xml:lang`) cannot be taken for one without. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The character data directly in it, in one piece. */
  readonly text: string;
}

/** Why a document is not read. A value, never an exception. */
export interface XmlFault {
  readonly kind: 'fault';
  readonly code:
    | 'too_large'
    | 'too_deep'
    | 'too_many'
    /** DOCTYPE and what belongs to it: entities of one's own are how small documents grow large. */
    | 'doctype'
    | 'encoding'
    | 'malformed';
  /** For the log; nothing of the document in it. */
  readonly text: string;
  /** Where, in characters. */
  readonly at: number;
}

/** Bounds for a document that a peer sends. */
export interface XmlLimits {
  /** Octets of the document. */
  readonly octets: number;
  readonly depth: number;
  readonly elements: number;
  /** Of one element. */
  readonly attributes: number;
}

/** Far beyond what SIP's event packages and CSTA need. */
export const DEFAULT_XML_LIMITS: XmlLimits = {
  octets: 64 * 1024,
  depth: 32,
  elements: 2_000,
  attributes: 64,
};
