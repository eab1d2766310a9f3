// Some methods of an object in the place of its own, whatever else it has, or will have.

type Method = (...given: readonly unknown[]) => unknown;

export const over = <T extends object>(whole: T, methods: Partial<T>): T =>
  new Proxy(whole, {
    get: (target, property) => {
      const given: unknown = Reflect.get(methods, property);
      if (given !== undefined) return given;
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? (value.bind(target) as Method) : value;
    },
  });
