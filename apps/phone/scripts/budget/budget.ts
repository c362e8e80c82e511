/** Compressed JavaScript before the phone is ready to dial. */
export const BUDGET_GZ_BYTES = 200_000;
