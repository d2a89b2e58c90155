import { isWithin, type Newcomers, type Span, type Talker, until, type Verdict } from "@switchyard/testkit";

const PAIRED_WITHIN_MS = 30_000;
const ANSWERED_WITHIN_MS = 20_000;

/**
 * Those who came during a fault are in pairs, of which both know, and in which each reaches the other.
 * @param excused what was decided in this time may be lost
 */
export async function judgeFreshPairs(newcomers: Newcomers, excused: Span | undefined): Promise<Verdict[]> {
  const { talkers } = newcomers;
  await until("all newcomers to be paired", () => talkers.every(({ partner }) => partner), PAIRED_WITHIN_MS).catch(
    () => {}, // the figures say it
  );
  const works = await Promise.all(talkers.map((talker) => reachesPartner(talker, talkers)));
  const broken = talkers.filter((_, index) => !works[index]);
  const isExcused = ({ pairedAt }: Talker) => excused !== undefined && isWithin(pairedAt ?? 0, excused);
  const apart = broken.filter(isExcused).length;
  const figures = `${talkers.length} clients came, ${broken.length - apart} are in no pair that works`;
  return [
    {
      claim: "who comes meanwhile gets a partner, and reaches it",
      holds: talkers.length > 0 && broken.length === apart,
      figures: excused === undefined ? figures : `${figures}, and ${apart} that a fail-over may lose`,
    },
  ];
}

async function reachesPartner(talker: Talker, all: readonly Talker[]): Promise<boolean> {
  const partner = all.find(({ user }) => user === talker.partner);
  if (partner?.partner !== talker.user) return false;
  return talker.reaches(partner, ANSWERED_WITHIN_MS);
}
