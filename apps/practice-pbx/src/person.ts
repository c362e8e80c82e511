/** Somebody as others see them: a number, and a name where there is one. */
export interface Person {
  readonly number: string;
  readonly name?: string;
}
