// Keeps one session with watches while its server goes away; says where it is and what it is told.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

public final class ReconnectClient {
    private static final byte[] NOTHING = new byte[0];
    private static final Pattern SERVER = Pattern.compile("remoteserver:\\S*?:(\\d+) ");

    public static void main(String[] args) throws Exception {
        Semaphore connections = new Semaphore(0);
        ZooKeeper zk = new ZooKeeper(args[0], 20000, event -> {
            if (event.getType() != Watcher.Event.EventType.None) return;
            System.out.println("state " + event.getState());
            if (event.getState() == Watcher.Event.KeeperState.SyncConnected) connections.release();
        });
        connections.acquire();
        Watcher told = event -> {
            if (event.getType() != Watcher.Event.EventType.None) {
                System.out.println("event " + event.getType() + " " + event.getPath());
            }
        };
        zk.create("/kept", NOTHING, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        zk.create("/kept/mine", NOTHING, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        zk.getData("/kept", told, null);
        zk.getChildren("/kept", told);
        zk.exists("/absent", told);
        long session = zk.getSessionId();
        System.out.println("at " + port(zk));

        connections.acquire();
        System.out.println("same session " + (zk.getSessionId() == session));
        System.out.println("still mine " + (zk.exists("/kept/mine", false) != null));
        System.out.println("now at " + port(zk));
        new BufferedReader(new InputStreamReader(System.in)).readLine();
        zk.close();
        System.out.println("closed");
    }

    private static String port(ZooKeeper zk) {
        Matcher matcher = SERVER.matcher(zk.toString());
        return matcher.find() ? matcher.group(1) : "nowhere: " + zk;
    }
}
