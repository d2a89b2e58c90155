import { waysTo } from "@switchyard/testkit";
import { testOnlineUsers } from "./online-users.ts";

testOnlineUsers(waysTo("chat").slice(0, 1));
