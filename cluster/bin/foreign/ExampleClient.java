// The example every ZooKeeper tutorial opens with: create, watch, set, delete, close.
import java.util.concurrent.CountDownLatch;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

public final class ExampleClient {
    private static final String PATH = "/example";

    public static void main(String[] args) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        CountDownLatch watched = new CountDownLatch(1);
        ZooKeeper zk = new ZooKeeper(args[0], 10000, event -> {
            if (event.getState() == Watcher.Event.KeeperState.SyncConnected) connected.countDown();
        });
        connected.await();

        System.out.println("created " + zk.create(PATH, "hello world".getBytes(), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        System.out.println("data " + new String(zk.getData(PATH, false, null)));
        Stat first = zk.exists(PATH, event -> {
            System.out.println("event " + event.getType() + " " + event.getPath());
            watched.countDown();
        });
        System.out.println("exists with version " + first.getVersion() + ", " + first.getDataLength() + " bytes");
        Stat second = zk.setData(PATH, "hello zookeeper".getBytes(), first.getVersion());
        watched.await();
        System.out.println("set version " + second.getVersion());
        try {
            zk.delete(PATH, first.getVersion());
            System.out.println("deleted with the first version");
        } catch (KeeperException.BadVersionException failure) {
            System.out.println("refused " + failure.code());
        }
        zk.delete(PATH, second.getVersion());
        System.out.println("exists " + (zk.exists(PATH, false) != null));
        zk.close();
        System.out.println("closed");
    }
}
