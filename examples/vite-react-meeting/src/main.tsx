import { Meeting } from "@switchyard/react";
import "@switchyard/react/styles.css";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

const serverUrl: string = import.meta.env.VITE_SERVER_URL ?? "http://localhost:3000";

function App() {
  const [place, setPlace] = useState<{ roomId: string; userName: string }>();
  if (place) return <Meeting {...place} url={serverUrl} onLeave={() => setPlace(undefined)} />;
  const enter = (form: FormData) => {
    setPlace({ roomId: String(form.get("room")), userName: String(form.get("name")) });
  };
  return (
    <form action={enter}>
      <label>
        Meeting <input name="room" required defaultValue="standup" />
      </label>{" "}
      <label>
        Your name <input name="name" required />
      </label>{" "}
      <button type="submit">Enter</button>
    </form>
  );
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <main>
        <h1>Meeting</h1>
        <App />
      </main>
    </StrictMode>,
  );
}
