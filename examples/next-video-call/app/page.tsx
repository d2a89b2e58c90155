import Link from "next/link";

export default function Home() {
  return (
    <main>
      <h1>Video call</h1>
      <ul>
        <li>
          <Link href="/call/m1?me=ada&other=bob">Ada calls Bob</Link>
        </li>
        <li>
          <Link href="/call/m1?me=bob&other=ada">Bob calls Ada</Link>
        </li>
        <li>
          <Link href="/lobby/m1?me=ada">Ada looks who is there</Link>
        </li>
      </ul>
    </main>
  );
}
