import { testPopulation } from "./population.ts";
import { transports } from "./transports.ts";

testPopulation(transports.slice(0, 1));
