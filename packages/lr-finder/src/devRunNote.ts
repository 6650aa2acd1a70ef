/** Said where a search is left out, as it would make a development run a long one. */
export const DEV_RUN_NOTE = "fastDevRun: the learning rate is not searched for";
