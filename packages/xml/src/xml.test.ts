import { describe, expect, test } from 'vitest';
import { childOf, childrenOf, isXmlFault, parseXml, textOf } from './read.ts';
import type { XmlElement, XmlLimits } from './types.ts';
import { escapeXml, formatXml } from './write.ts';

function read(text: string | Uint8Array, limits?: Partial<XmlLimits>): XmlElement {
  const result = parseXml(text, limits);
  if (isXmlFault(result)) throw new Error(`${result.code}: ${result.text} at ${result.at}`);
  return result;
}

function faultOf(text: string | Uint8Array, limits?: Partial<XmlLimits>): string | undefined {
  const result = parseXml(text, limits);
  return isXmlFault(result) ? result.code : undefined;
}

const nested = (depth: number) => `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`;
const wide = (count: number) => `<a>${'<b/>'.repeat(count - 1)}</a>`;
const attributes = (count: number) =>
  `<a${Array.from({ length: count }, (_, at) => ` b${at}=""`).join('')}/>`;

describe('reading', () => {
  test('[XML-2] elements, attributes, text, CDATA, comments and instructions', () => {
    const root = read(
      '\ufeff<?xml version="1.0"?><!-- <a> --><a x="1" y=\'"2"\'>\r\n t<b/>u<![CDATA[<&amp;]]><?pi <x> ?><b z = "3" >v</b ><!----></a>\n<!-- end -->',
    );
    expect(root.name).toBe('a');
    expect([...root.attributes]).toEqual([
      ['x', '1'],
      ['y', '"2"'],
    ]);
    expect(root.text).toBe('\n tu<&amp;');
    expect(textOf(root)).toBe('tu<&amp;');
    expect(root.children.map(({ text }) => text)).toEqual(['', 'v']);
  });

  test('[XML-4.6] the five entities and numeric references', () => {
    const root = read('<a b="&lt;&quot;&#10;&#x41;">&amp;amp;&gt;&apos;&#252;&#x1F600;</a>');
    expect(root.attributes.get('b')).toBe('<"\nA');
    expect(root.text).toBe("&amp;>'ü😀");
  });

  test('[XML-3.3.3] white space in attributes is spaces', () => {
    expect(read('<a b="1\t2\r\n3"/>').attributes.get('b')).toBe('1 2 3');
  });

  test('[XMLNS-5] prefixes are resolved, also over declarations around them', () => {
    const root = read(
      '<p:a xmlns:p="urn:1" xmlns="urn:2" p:x="1"><b/><p:b xmlns:p="urn:3"><p:c/></p:b><p:b/><q:b/></p:a>',
    );
    expect([root.name, root.namespace]).toEqual(['a', 'urn:1']);
    expect(root.children.map(({ name, namespace }) => `${namespace} ${name}`)).toEqual([
      'urn:2 b',
      'urn:3 b',
      'urn:1 b',
      ' b',
    ]);
    expect(root.attributes.get('p:x')).toBe('1');
    expect(root.attributes.has('x')).toBe(false);
    expect(childrenOf(root, 'b')).toEqual([root.children[2]]);
    expect(childOf(root, 'b')).toBe(root.children[2]);
    expect(childOf(root, 'c')).toBeUndefined();
  });

  test('[XML-4.3.3] UTF-8 with its mark, Latin-1 where declared, nothing else', () => {
    expect(read(Buffer.from('\ufeff<a>ü</a>')).text).toBe('ü');
    const latin1 = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\u00fc</a>', 'latin1');
    expect(read(latin1).text).toBe('ü');
    expect(faultOf(Buffer.from('<a>\u00fc</a>', 'latin1'))).toBe('encoding');
    expect(faultOf(Buffer.from("<?xml version='1.0' encoding='UTF-16'?><a/>"))).toBe('encoding');
    expect(faultOf(Buffer.from('<a/>', 'utf16le'))).toBe('malformed');
  });

  test.each([
    '<!DOCTYPE a><a/>',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>',
    '<a><!ENTITY b "c"></a>',
    '<a/><!ELEMENT a ANY>',
  ])('[XML-2.8] %s is refused: no declarations', (text) => {
    expect(faultOf(text)).toBe('doctype');
  });

  test.each([
    '',
    ' ',
    'text',
    '<',
    '<a',
    '<a>',
    '<a></b>',
    '<a></a',
    '<a></a x>',
    '</a>',
    '<a/><b/>',
    '<a/>text',
    'text<a/>',
    '<1/>',
    '< a/>',
    '<:a/>',
    '<a:/>',
    '<a:1/>',
    '<a:b:c/>',
    '<a b/>',
    '<a b=c/>',
    '<a b="c/>',
    '<a b="<"/>',
    '<a b="1" b="2"/>',
    '<a b="1"c="2"/>',
    '<a ="1"/>',
    '<a/ >',
    '<a>&b;</a>',
    '<a>&</a>',
    '<a>&#x110000;</a>',
    '<a>&#0;</a>',
    '<a>&#xd800;</a>',
    '<a>&#xfffe;</a>',
    '<a>&#000000000000000065;</a>',
    '<a b="&c;"/>',
    '<a>\0</a>',
    '<a>\ud800</a>',
    '<a><!-- </a>',
    '<a><![CDATA[ </a>',
    '<![CDATA[]]>',
    '<?xml <a/>',
    '<a><b></a></b>',
  ])('[XML-2.1] %j is malformed', (text) => {
    expect(faultOf(text)).toBe('malformed');
  });

  test('[XML-2.8] attributes of the declaration itself do not matter', () => {
    expect(read('<?xml version="1.1" standalone="no"?><a/>').name).toBe('a');
  });

  test('every bound is kept, and just kept', () => {
    expect([faultOf(nested(32)), faultOf(nested(33))]).toEqual([undefined, 'too_deep']);
    expect([faultOf(wide(2_000)), faultOf(wide(2_001))]).toEqual([undefined, 'too_many']);
    expect([faultOf(attributes(64)), faultOf(attributes(65))]).toEqual([undefined, 'too_many']);
    expect([faultOf('<abc/>', { octets: 6 }), faultOf('<abc/>', { octets: 5 })]).toEqual([
      undefined,
      'too_large',
    ]);
  });
});

describe('writing', () => {
  const hostile = '<a b="c">&amp;\t\r\n\'</a>]]>';

  test('[XML-2.4] whatever the texts hold, they come back as texts', () => {
    const text = formatXml({
      name: 'p:a',
      attributes: { 'xmlns:p': 'urn:1', b: hostile, c: 7, d: undefined },
      children: [{ name: 'e', children: [hostile] }, undefined, { name: 'f' }],
    });
    const root = read(text);
    expect([...root.attributes]).toEqual([
      ['xmlns:p', 'urn:1'],
      ['b', hostile],
      ['c', '7'],
    ]);
    expect(root.children.map((child) => [child.name, child.text])).toEqual([
      ['e', hostile],
      ['f', ''],
    ]);
  });

  test('what no document can hold is replaced', () => {
    expect(escapeXml('a\0b\ud800c\uffff😀')).toBe('a\ufffdb\ufffdc\ufffd😀');
  });

  test('a name is never made of a text', () => {
    expect(() => formatXml({ name: 'a b' })).toThrow(RangeError);
    expect(() => formatXml({ name: 'a', attributes: { 'x="1" y': '' } })).toThrow(RangeError);
  });
});
