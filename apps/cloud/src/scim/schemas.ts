import { MOST } from './list.ts';
import type { Resource } from './patch.ts';
import { GROUP_SCHEMA } from './groups.ts';
import { USER_SCHEMA } from './user-resource.ts';

/** RFC 7643 §7 */
type AttributeDefinition = {
  name: string;
  type: 'string' | 'boolean' | 'complex' | 'reference';
  multiValued: boolean;
  description: string;
  required: boolean;
  caseExact: boolean;
  mutability: 'readWrite' | 'readOnly';
  returned: 'default';
  uniqueness: 'none' | 'server';
  subAttributes?: AttributeDefinition[];
};

const attribute = (
  name: string,
  description: string,
  more: Partial<AttributeDefinition> = {},
): AttributeDefinition => ({
  name,
  type: 'string',
  multiValued: false,
  description,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...more,
});

const readOnly = { mutability: 'readOnly' } as const;
const complex = (subAttributes: AttributeDefinition[], more: Partial<AttributeDefinition> = {}) => ({
  type: 'complex' as const,
  subAttributes,
  ...more,
});
const reference = attribute('$ref', 'Where it is.', { type: 'reference', ...readOnly });

const userAttributes = [
  attribute('userName', 'The e-mail address with which the person signs in.', {
    required: true,
    uniqueness: 'server',
  }),
  attribute(
    'name',
    'Parts of the name.',
    complex([
      attribute('formatted', 'What people see where there is no displayName.'),
      attribute('givenName', 'Kept as it is.'),
      attribute('familyName', 'Kept as it is.'),
    ]),
  ),
  attribute('displayName', 'What people see.'),
  attribute('preferredLanguage', 'en, de, fr, es, it, nl or ca; others leave what is there.'),
  attribute('active', 'False: signed out, and lets nobody in.', { type: 'boolean' }),
  attribute(
    'emails',
    'The userName once more.',
    complex(
      [
        attribute('value', 'The address.', readOnly),
        attribute('type', 'work', readOnly),
        attribute('primary', 'true', { type: 'boolean', ...readOnly }),
      ],
      { multiValued: true, ...readOnly },
    ),
  ),
  attribute(
    'phoneNumbers',
    'The number of the line. One of type work makes a line where the key is for a connector that is attached by a trunk.',
    complex(
      [
        attribute('value', 'The number.'),
        attribute('type', 'work'),
        attribute('primary', 'true', { type: 'boolean' }),
      ],
      { multiValued: true },
    ),
  ),
  attribute(
    'groups',
    'The groups that the person is in.',
    complex(
      [
        attribute('value', 'The id of the group.', { caseExact: true, ...readOnly }),
        attribute('display', 'The name of the group.', readOnly),
        attribute('type', 'direct', readOnly),
        reference,
      ],
      { multiValued: true, ...readOnly },
    ),
  ),
];

const groupAttributes = [
  attribute('displayName', 'Members of “Offhook administrators” are administrators.', {
    required: true,
    uniqueness: 'server',
  }),
  attribute(
    'members',
    'The people in the group.',
    complex(
      [
        attribute('value', 'The id of the person.', { caseExact: true }),
        attribute('display', 'The name of the person.', readOnly),
        attribute('type', 'User', readOnly),
        reference,
      ],
      { multiValued: true },
    ),
  ),
];

const located = (base: string, resourceType: string, path: string) => ({
  meta: { resourceType, location: `${base}/${path}` },
});

/** RFC 7643 §8.7 */
export const schemas = (base: string): (Resource & { id: string })[] =>
  [
    { id: USER_SCHEMA, name: 'User', description: 'A person', attributes: userAttributes },
    { id: GROUP_SCHEMA, name: 'Group', description: 'A group of people', attributes: groupAttributes },
  ].map((schema) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    ...schema,
    ...located(base, 'Schema', `Schemas/${schema.id}`),
  }));

/** RFC 7643 §6 */
export const resourceTypes = (base: string): (Resource & { id: string })[] =>
  [
    { id: 'User', endpoint: '/Users', schema: USER_SCHEMA },
    { id: 'Group', endpoint: '/Groups', schema: GROUP_SCHEMA },
  ].map((type) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    name: type.id,
    ...type,
    ...located(base, 'ResourceType', `ResourceTypes/${type.id}`),
  }));

/** RFC 7643 §5 */
export const serviceProviderConfig = (base: string): Resource => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MOST },
  changePassword: { supported: false },
  sort: { supported: true },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'API key',
      description: 'An API key for SCIM, made in the administration, as bearer token',
      primary: true,
    },
  ],
  ...located(base, 'ServiceProviderConfig', 'ServiceProviderConfig'),
});
