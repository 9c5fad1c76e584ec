#!/usr/bin/env bash
# ImapFlow, as web mail in Node uses it: TLS checked, CONDSTORE and QRESYNC, compressed; what another client does is heard
# while idle; parts are downloaded unharmed; a refused log-in is told as such.
# needs: npm-imapflow nodejs
set -euo pipefail
. "$INTEROP/functions.sh"

echo "$ADA_PASSWORD" | portolan account add flow --password-stdin # whose mailbox is new
trap 'portolan account remove flow --yes' EXIT
export IMAPFLOW=$REPOSITORY/build/interop/imapflow/node_modules/imapflow
cat >session.js <<'NODE'
const assert = require("assert"), fs = require("fs"), {ImapFlow} = require(process.env.IMAPFLOW);
const {HOST, IMAP, IMAPS, CA, DOMAIN, ADA_PASSWORD} = process.env;
const open = (port, secure, more = {}) => new ImapFlow({
    host: HOST, port: Number(port), secure, logger: false, tls: {ca: fs.readFileSync(CA), servername: HOST},
    auth: {user: "flow", pass: ADA_PASSWORD}, ...more,
});
const bytes = Buffer.from([...Array(256).keys()]);
const letter = number => Buffer.from([
    `From: Ada <ada@${DOMAIN}>`, `Subject: =?utf-8?Q?N=C3=BAmero_${number}?=`, `Message-ID: <${number}@client.example>`,
    "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"', "", "--b", "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: quoted-printable", "", `Gr=C3=BC=C3=9Fe ${number}`, "--b",
    'Content-Type: application/octet-stream; name="every byte.bin"', "Content-Transfer-Encoding: base64", "",
    bytes.toString("base64").replace(/.{76}/g, "$&\r\n"), "--b--", ""].join("\r\n"));
const whole = async stream => {
    const all = [];
    for await (const chunk of stream) all.push(chunk);
    return Buffer.concat(all);
};

(async () => {
    const one = open(IMAPS, true, {qresync: true}), two = open(IMAP, false);
    await one.connect();
    await two.connect();
    assert(two.secureConnection, "STARTTLS was not used");
    for (const word of ["IMAP4rev1", "UIDPLUS", "MOVE", "SPECIAL-USE", "CONDSTORE", "QRESYNC", "COMPRESS=DEFLATE"])
        assert(one.capabilities.has(word), word);
    assert(one.enabled.has("QRESYNC"));

    const uses = Object.fromEntries((await one.list()).map(({path, specialUse}) => [path, specialUse]));
    assert.deepEqual(uses, {INBOX: "\\Inbox", Archive: "\\Archive", Drafts: "\\Drafts", Junk: "\\Junk", Sent: "\\Sent", Trash: "\\Trash"});
    assert((await one.mailboxCreate(["Pläne", "Frühling & Sommer"])).created);
    for (let number = 1; number <= 5; number++) {
        const {uid, destination} = await one.append("INBOX", letter(number), ["\\Flagged"], new Date(1e12));
        assert.equal(uid, number);
        assert.equal(destination, "INBOX");
    }

    const lock = await one.getMailboxLock("INBOX");
    assert.equal(one.mailbox.exists, 5);
    const seen = [];
    for await (const message of one.fetch("1:*", {envelope: true, bodyStructure: true, flags: true, internalDate: true, size: true})) {
        assert.equal(message.envelope.subject, `Número ${message.uid}`);
        assert.equal(message.envelope.from[0].address, `ada@${DOMAIN}`);
        assert.equal(message.bodyStructure.childNodes[1].encoding, "base64");
        assert.equal(message.size, letter(message.uid).length);
        assert.equal(message.internalDate.getTime(), 1e12);
        assert(message.flags.has("\\Flagged") && message.modseq > 0n);
        seen.push(message.uid);
    }
    assert.deepEqual(seen, [1, 2, 3, 4, 5]);
    assert.deepEqual((await one.fetchOne("3", {source: true}, {uid: true})).source, letter(3));
    assert.deepEqual(await whole((await one.download("3", "2", {uid: true})).content), bytes);
    assert.equal((await whole((await one.download("3", "1", {uid: true})).content)).toString().trim(), "Grüße 3");
    assert.deepEqual(await one.search({subject: "número", flagged: true, seen: false}, {uid: true}), [1, 2, 3, 4, 5]);
    assert.deepEqual(await one.search({body: "Grüße 4"}, {uid: true}), [4]);

    // The other one changes and deletes; this one hears of it in IDLE, by unique ids.
    const heard = {flags: new Set(), gone: new Set(), more: 0};
    const news = new Promise((done, late) => {
        const look = () => heard.flags.has(2) && heard.gone.size === 2 && heard.more > 0 && done();
        one.on("flags", ({uid}) => { heard.flags.add(uid); look(); });
        one.on("expunge", ({uid, vanished}) => { assert(vanished); heard.gone.add(uid); look(); });
        one.on("exists", () => { heard.more++; look(); });
        setTimeout(() => late(new Error(`heard only ${JSON.stringify({...heard, flags: [...heard.flags], gone: [...heard.gone]})}`)), 30000).unref();
    });
    one.idle().catch(() => {});
    await two.mailboxOpen("INBOX");
    assert(await two.messageFlagsAdd("2", ["\\Seen", "$Label1"], {uid: true}));
    const {uidMap} = await two.messageMove("1", "Pläne/Frühling & Sommer", {uid: true});
    assert.deepEqual([...uidMap], [[1, 1]]);
    assert(await two.messageDelete("5", {uid: true}));
    await two.append("INBOX", letter(6));
    await news;
    assert.deepEqual([...heard.gone].sort(), [1, 5]);
    assert.deepEqual(await one.search({all: true}, {uid: true}), [2, 3, 4, 6]);
    lock.release();

    const {messages, unseen} = await one.status("Pläne/Frühling & Sommer", {messages: true, unseen: true});
    assert.deepEqual([messages, unseen], [1, 1]);
    assert((await one.mailboxRename("Pläne/Frühling & Sommer", "Herbst")).newPath, "Herbst");
    assert.equal((await one.status("Herbst", {messages: true})).messages, 1);
    await one.mailboxDelete("Herbst");
    await one.mailboxDelete("Pläne");
    await one.logout();
    await two.logout();

    const wrong = open(IMAPS, true, {auth: {user: "flow", pass: "wrong"}});
    await assert.rejects(wrong.connect(), {authenticationFailed: true, serverResponseCode: "AUTHENTICATIONFAILED"});
    wrong.close();
    const stranger = open(IMAPS, true, {tls: {}});
    await assert.rejects(stranger.connect(), /self[- ]signed certificate|unable to (verify|get)/);
    stranger.close();
})().catch(problem => { console.error(problem); process.exit(1); });
NODE
timeout 100 node session.js
