import { VideoCallPage } from "./VideoCallPage";

interface Props {
  params: Promise<{ matchId: string }>;
  searchParams: Promise<{ me?: string; other?: string }>;
}

/** On the server: whoever is logged in, and whom they are to meet, would come from a database. */
export default async function Page({ params, searchParams }: Props) {
  const { matchId } = await params;
  const { me = "ada", other = "bob" } = await searchParams;
  return <VideoCallPage matchId={matchId} userId={me} otherUserId={other} />;
}
