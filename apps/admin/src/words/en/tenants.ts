export const tenants = {
  'tenants.title': 'Customers',
} as const;
