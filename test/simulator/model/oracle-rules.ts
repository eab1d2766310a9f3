// What the oracle knows of the collections, in words of its own.

export const FIRST_COMES: readonly string[] = ['products', 'stories'];
export const BY_A_PERSON: readonly string[] = ['feedings'];
export const FIXED: Readonly<Record<string, readonly string[]>> = {
  movements: ['product', 'amount', 'reason', 'sale'],
  sales: ['items', 'totalMinor', 'payment', 'soldAt'],
  messages: ['conversation', 'replyTo'],
  forms: ['pin', 'template'],
};
/** What a document belongs to; the last says whether it may outlive it. */
export const BELONGS: Readonly<Record<string, readonly (readonly [string, string, boolean])[]>> = {
  movements: [
    ['product', 'products', true],
    ['sale', 'sales', true],
  ],
  forms: [['pin', 'pins', false]],
};
