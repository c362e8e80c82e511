export const connectors = {
  'connectors.title': 'Telephone systems',
} as const;
