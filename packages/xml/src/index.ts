export { childOf, childrenOf, isXmlFault, parseXml, textOf } from './read.ts';
export { DEFAULT_XML_LIMITS } from './types.ts';
export type { XmlElement, XmlFault, XmlLimits } from './types.ts';
export { escapeXml, formatXml } from './write.ts';
export type { XmlNode } from './write.ts';
