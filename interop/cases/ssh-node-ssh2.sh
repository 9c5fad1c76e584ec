#!/usr/bin/env bash
# npm's ssh2: a password, a key, a verb with its exit status, files up and down, a terminal.
# needs: npm-ssh2 nodejs openssh-client
set -euo pipefail
. "$INTEROP/functions.sh"

ssh-keygen -q -t ed25519 -N '' -f key
portolan account key add grace "$(cat key.pub)"
head -c 3000000 /dev/urandom >large
NODE_PATH=$INTEROP/../build/interop/ssh2/node_modules node - <<'NODE'
const { Client } = require("ssh2"), fs = require("fs"), assert = require("assert");
const where = { host: "127.0.0.1", port: +process.env.SSH, username: "grace" };
const connected = (how) => new Promise((done, failed) => {
    const client = new Client();
    client.on("ready", () => done(client)).on("error", failed);
    client.on("keyboard-interactive", (n, i, l, prompts, finish) => finish(prompts.map(() => how.answer)));
    client.connect({ ...where, ...how });
});
const run = (client, line, options = {}) => new Promise((done, failed) => client.exec(line, options, (e, channel) => {
    if (e) return failed(e);
    let out = "";
    channel.on("data", (part) => out += part).on("close", (status) => done({ status, out }));
    channel.stderr.resume();
}));
(async () => {
    for (const how of [{ password: process.env.GRACE_PASSWORD }, { privateKey: fs.readFileSync("key") },
                       { tryKeyboard: true, answer: process.env.GRACE_PASSWORD }]) {
        const client = await connected(how);
        assert.match((await run(client, "version")).out, /^Portolan/);
        client.end();
    }
    await assert.rejects(connected({ password: "wrong" }), /authentication/);
    const client = await connected({ password: process.env.GRACE_PASSWORD });
    assert.strictEqual((await run(client, "nonsense")).status, 2);
    assert.match((await run(client, "version", { pty: true })).out, /^Portolan .*\r\n$/s);
    const many = await Promise.all(Array.from({ length: 20 }, () => run(client, "version")));
    assert(many.every((each) => each.status === 0));
    await new Promise((done, failed) => client.forwardOut("127.0.0.1", 1, "127.0.0.1", 25, (e) => {
        e && e.reason === 1 ? done() : failed(e || new Error("forwarded"));
    }));
    const sftp = await new Promise((done, failed) => client.sftp((e, s) => e ? failed(e) : done(s)));
    const call = (verb, ...words) => new Promise((done, failed) => sftp[verb](...words, (e, r) => e ? failed(e) : done(r)));
    await call("fastPut", "large", "ssh2-large");
    await call("fastGet", "ssh2-large", "back");
    assert.strictEqual((await call("stat", "ssh2-large")).size, 3000000);
    assert((await call("readdir", "/home")).some((each) => each.filename === "ssh2-large"));
    await call("ext_openssh_rename", "ssh2-large", "ssh2-moved");
    await call("unlink", "ssh2-moved");
    await assert.rejects(call("open", "../../../etc/passwd", "r"));
    client.end();
})().catch((e) => { console.error(e); process.exit(1); });
NODE
cmp large back
portolan account key remove grace SHA256:
