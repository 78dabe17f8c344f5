/** An amount in a currency. */
export interface Money {
  cents: number;
  currency: string;
}

/** The amount as people read it. */
export function formatted(money: Money): string {
  return `${(money.cents / 100).toFixed(2)} ${money.currency}`;
}

/** Adds amounts of one currency. */
export class Adder {
  private total = 0;

  /** Take one amount in. */
  add(money: Money): void {
    this.total += money.cents;
  }
}

function hidden(): number {
  return 1;
}
