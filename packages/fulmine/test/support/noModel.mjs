export const model = { trainingStep: () => null, configureOptimizers: () => null };
