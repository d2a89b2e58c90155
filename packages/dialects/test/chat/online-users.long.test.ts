import { allWaysTo } from "@switchyard/testkit";
import { testOnlineUsers } from "./online-users.ts";

testOnlineUsers(allWaysTo("chat").slice(1));
