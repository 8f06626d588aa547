// One run through what a ZooKeeper client can ask for; prints a line per answer.
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

public final class FeatureClient {
    private static final byte[] NOTHING = new byte[0];

    public static void main(String[] args) throws Exception {
        ZooKeeper zk = connect(args[0]);
        ZooKeeper other = connect(args[1]);
        zk.create("/features", NOTHING, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        sequences(zk, other);
        multi(zk);
        sync(zk, other);
        children(zk, other);
        access(zk, other);
        refusals(zk);
        zk.close();
        catchUp(other);
        System.out.println("ephemeral after close " + (other.exists("/features/mine", false) != null));
        other.close();
        System.out.println("closed");
    }

    private static void sequences(ZooKeeper zk, ZooKeeper other) throws Exception {
        for (int i = 0; i < 2; i++) {
            System.out.println(zk.create("/features/job-", NOTHING, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL));
        }
        System.out.println(zk.create("/features/lock-", NOTHING, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL));
        Stat stat = new Stat();
        zk.create("/features/mine", NOTHING, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL, stat);
        System.out.println("ephemeral owner is the session " + (stat.getEphemeralOwner() == zk.getSessionId()));
        attempt("child of an ephemeral", () ->
            zk.create("/features/mine/child", NOTHING, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
    }

    private static void multi(ZooKeeper zk) throws Exception {
        List<OpResult> results = zk.multi(Arrays.asList(
            Op.create("/features/multi", "a".getBytes(), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
            Op.setData("/features/multi", "b".getBytes(), 0),
            Op.check("/features/multi", 1)));
        for (OpResult result : results) System.out.println("multi " + result.getClass().getSimpleName());
        try {
            zk.multi(Arrays.asList(
                Op.create("/features/undone", NOTHING, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                Op.delete("/features/multi", 7),
                Op.delete("/features/job-0000000000", -1)));
        } catch (KeeperException failure) {
            StringBuilder codes = new StringBuilder("multi failed " + failure.code());
            for (OpResult result : failure.getResults()) {
                codes.append(' ').append(((OpResult.ErrorResult) result).getErr());
            }
            System.out.println(codes);
        }
        System.out.println("half a multi " + (zk.exists("/features/undone", false) != null));
        zk.delete("/features/multi", 1);
    }

    private static void sync(ZooKeeper zk, ZooKeeper other) throws Exception {
        for (int i = 0; i < 100; i++) {
            byte[] value = Integer.toString(i).getBytes();
            zk.setData("/features", value, -1);
            catchUp(other);
            if (!Arrays.equals(value, other.getData("/features", false, null))) System.out.println("stale after sync");
        }
        System.out.println("synced");
    }

    private static void children(ZooKeeper zk, ZooKeeper other) throws Exception {
        BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
        List<String> names = other.getChildren("/features", events::add);
        Collections.sort(names);
        System.out.println("children " + names);
        other.exists("/features/later", events::add);
        zk.create("/features/later", NOTHING, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (int i = 0; i < 2; i++) print(events.poll(10, TimeUnit.SECONDS));
        other.getData("/features/later", events::add, null);
        zk.delete("/features/later", 0);
        print(events.poll(10, TimeUnit.SECONDS));
    }

    private static void access(ZooKeeper zk, ZooKeeper other) throws Exception {
        zk.addAuthInfo("digest", "alice:secret".getBytes());
        zk.create("/features/private", "hidden".getBytes(), Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        System.out.println("acl " + zk.getACL("/features/private", null).get(0).getId().getId());
        catchUp(other);
        attempt("reading as a stranger", () -> other.getData("/features/private", false, null));
        other.addAuthInfo("digest", "alice:secret".getBytes());
        System.out.println("reading as alice " + new String(other.getData("/features/private", false, null)));
        zk.setACL("/features/private", Ids.READ_ACL_UNSAFE, 0);
        attempt("writing what is read-only", () -> zk.setData("/features/private", NOTHING, -1));
    }

    private static void refusals(ZooKeeper zk) throws Exception {
        attempt("creating it again", () -> zk.create("/features", NOTHING, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        attempt("an absent znode", () -> zk.getData("/features/absent", false, null));
        attempt("a parent", () -> { zk.delete("/features", -1); return null; });
        attempt("an empty ACL", () -> zk.create("/features/x", NOTHING, Collections.emptyList(), CreateMode.PERSISTENT));
        attempt("an operation not offered", () -> zk.getAllChildrenNumber("/features"));
        System.out.println("still connected " + zk.getState().isConnected());
    }

    private static void catchUp(ZooKeeper zk) throws Exception {
        CountDownLatch synced = new CountDownLatch(1);
        zk.sync("/features", (code, path, context) -> synced.countDown(), null);
        synced.await();
    }

    private interface Attempt {
        Object run() throws KeeperException, InterruptedException;
    }

    private static void attempt(String what, Attempt attempt) throws InterruptedException {
        try {
            System.out.println(what + ": " + attempt.run());
        } catch (KeeperException failure) {
            System.out.println(what + ": " + failure.code());
        }
    }

    private static void print(WatchedEvent event) {
        System.out.println(event == null ? "no event" : "event " + event.getType() + " " + event.getPath());
    }

    private static ZooKeeper connect(String servers) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper zk = new ZooKeeper(servers, 10000, event -> {
            if (event.getState() == Watcher.Event.KeeperState.SyncConnected) connected.countDown();
        });
        connected.await();
        return zk;
    }
}
