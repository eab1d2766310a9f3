// Documents that tests begin with, as people fill them in.

export const feeding = {
  id: 'f1',
  feedingTime: '2026-03-01T08:00:00.000Z',
  foodType: 'formula',
  amountMl: 100,
  notes: '',
};

export const expense = {
  id: 'e1',
  category: 'goods',
  amountMinor: 100,
  spentAt: '2026-03-01T08:00:00.000Z',
  note: '',
};

export const product = {
  id: 'p1',
  name: 'Jam',
  sku: 'J',
  priceMinor: 5,
  stock: 0,
  reorderLevel: 0,
};

export const pin = {
  id: 'p1',
  title: 'Gate',
  position: { lat: 1, lng: 2 },
  kind: 'site',
  status: 'open',
  notes: '',
};
