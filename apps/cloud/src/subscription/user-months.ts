/**
 * What is billed, from what was counted. Pure, and exact: no step is done in binary fractions.
 *
 * A user-month is a seat taken for all of a month; each day on which the seat was taken counts 1 ÷ days of that month. Invoices are made of these
 * two figures, so this file is not changed for months that have been billed.
 */
export type Counted = {
  /** Days that seats were taken, summed over the seats. */
  userDays: number;
  /** 28 to 31. */
  daysInMonth: number;
  /** Per user and month, in the currency's smallest unit. */
  price: number;
};

/** The fraction rounded half up to a whole number; both at least 0, the divisor above it. */
const roundHalfUp = (dividend: bigint, divisor: bigint): bigint => (2n * dividend + divisor) / (2n * divisor);

/** Ten-thousandths of user-months. */
const tenThousandths = ({ userDays, daysInMonth }: Omit<Counted, 'price'>): bigint =>
  roundHalfUp(BigInt(userDays) * 10_000n, BigInt(daysInMonth));

/** User-months with four decimals, rounded half up. */
export const userMonths = (counted: Omit<Counted, 'price'>): number =>
  Number(tenThousandths(counted)) / 10_000;

/**
 * The amount of a month: user-months as they are shown, with four decimals, times the price, rounded half up once to the smallest unit. So who checks an
 * invoice comes to its amount from what stands on it.
 */
export const amountOf = (counted: Counted): number =>
  Number(roundHalfUp(tenThousandths(counted) * BigInt(counted.price), 10_000n));
