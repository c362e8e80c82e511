export const administratorsKey = ['administrators'] as const;
